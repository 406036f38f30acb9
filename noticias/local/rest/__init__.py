"""The local stack's REST server: answers what supabase-py's rpc() sends, as PostgREST 14 answers it.

It answers POST /rest/v1/rpc/<function> for the functions of the schema `public`. Everything else that
PostgREST can do is refused with status 501 and the code REST1; no answer is approximate.
"""
