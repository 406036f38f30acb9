"""The program that people run: command line, screens, local stack, executor, the connector's door."""
