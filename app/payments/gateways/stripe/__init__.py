"""Stripe: Checkout Sessions, events signed by an endpoint's secret, and refunds by PaymentIntent.

https://docs.stripe.com/api, https://docs.stripe.com/webhooks and https://docs.stripe.com/checkout/fulfillment say what it speaks.
"""

from app.payments.gateways.stripe.gateway import Stripe

__all__ = ["Stripe"]
