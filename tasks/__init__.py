"""The stages as Prefect tasks: one a module, each a policy and one call."""
