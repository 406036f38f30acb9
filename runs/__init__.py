"""What every run obeys and leaves: policy, runtime, shared limits, outcome, dead letters, pages."""
