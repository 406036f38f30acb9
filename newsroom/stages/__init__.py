"""One module per stage: build the question, ask the engine, resolve the answer."""
