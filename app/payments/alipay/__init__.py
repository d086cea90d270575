"""Alipay's open platform: an account with its certificates, signed calls, and what is asked for by them."""
