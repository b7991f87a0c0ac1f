"""What is fast, and beside what: each module measures both sides in one run and ends with `RESULT {json}`."""
