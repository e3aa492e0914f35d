"""What a replay must end in, worked out from its messages alone: a second reading of the records contract and of the rules.

Standard library only. Must not import the product, the rest of infra, or the tests: were anything shared, both could be wrong alike.
"""
