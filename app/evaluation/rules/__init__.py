"""The pure core of the yearly evaluation: schemes, indicators, scores, grades and digests."""
