"""What is so grave at the merchant's desk that whoever does it shows once more who they are."""

# Whoever does these shows within ten minutes before who they are (guard, "Session cookie": re-auth): keys, payouts, people,
# money said to have come. What was typed is carried along, except into UNCARRIED.
PROVEN = frozenset(
    f"admin.{endpoint}"
    for endpoint in (
        "channels.new",
        "channels.create",
        "channels.edit",
        "channels.update",
        "receiving_codes.create",
        "outlets.new",
        "outlets.create",
        "outlets.edit",
        "outlets.update",
        "transfers.edit",
        "transfers.update",
        "payout_steps.create",
        "payout_batches.create",
        "payout_batches.copy",
        "payout_approvals.create",
        "payout_payments.create",
        "payees.show",
        "payout_batches.results",
        "confirmations.create",
        "order_contacts.create",
        "node_contacts.create",
        "security.update",
        "strictness.update",
        "answers.create",
        "card_codes.create",
        "card_exports.create",
        "backups.draw",
        "backups.copy",
        "people.create",
        "api_keys.create",
        "people.update",
        "roles.update",
        "factors.destroy",
        "password_links.create",
        "password_links.of_node",
    )
)
# Their forms hold keys, which are written and never read back.
UNCARRIED = frozenset({"channels", "outlets", "transfers", "receiving_codes"})
