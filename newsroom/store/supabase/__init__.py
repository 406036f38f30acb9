"""The store in a Supabase project. Only this package imports the supabase SDK."""

from newsroom.store.supabase.store import SupabaseStore

__all__ = ["SupabaseStore"]
