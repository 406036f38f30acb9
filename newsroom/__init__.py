"""The domain of the newsroom: what is extracted, proven and stored. It never imports Prefect."""
