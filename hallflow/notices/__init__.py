"""What leaves the house: web push, messages and webhooks, sent from one outbox."""
