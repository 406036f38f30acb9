"""The local stack's REST server: what supabase-py's rpc() sends is answered as PostgREST v14 answers it.

It serves functions of the schema `public`, nothing else: what PostgREST can do beyond that is refused with
501 and the code GW501, never answered approximately.
"""
