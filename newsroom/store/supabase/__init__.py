"""The store in a Supabase project. The SDK is imported nowhere else."""

from newsroom.store.supabase.store import SupabaseStore

__all__ = ["SupabaseStore"]
