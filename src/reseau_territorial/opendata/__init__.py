"""French open data as it really is: readers that go from the downloaded files to a network.

Every ``read_...`` function takes the files as they were downloaded and returns a `Reading`: the
network, and the report of what was kept, repaired, refused or counted twice.
"""
