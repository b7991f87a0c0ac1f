"""All that touches boto3. Its errors are translated here, once, into `errors.Trouble`."""
