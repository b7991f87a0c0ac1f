"""All that touches the Encord SDK. Its errors are translated here, once, into `errors.Trouble`."""
