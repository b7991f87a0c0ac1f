"""A model server of our own: an OpenAI-compatible endpoint and a detector, both looking at pixels.

`server.serve()` runs it in a thread for tests, `python -m sandbox.model_server --port N` as a process. The
wire protocols are described in `chat.py` and `detect.py`; the model is trained by `train.py` on
`sandbox.artwork`.
"""
