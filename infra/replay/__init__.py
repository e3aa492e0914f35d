"""Replays real months of crime (data.police.uk) as contract messages with fictional victims, and counts what becomes of them."""
