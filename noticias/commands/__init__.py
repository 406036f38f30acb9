"""The commands of `noticias`, one module each; heavy imports stand inside them, so that `--help` is quick."""
