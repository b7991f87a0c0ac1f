"""Those that `benchmarks.tasks` compares. Each is a module with a `lambda_handler`, run in a process of its own."""
