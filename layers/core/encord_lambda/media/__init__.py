"""All that downloads and decodes media. It is untrusted: ceilings come before decoding."""
