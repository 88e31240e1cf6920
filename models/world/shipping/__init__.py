"""Ships of the training world: what they carry, where they are, and what receivers hear of them.

Times are seconds since the start of the observed time unless a name says otherwise; places are numbers of ports in the
order of their names.

    water, lanes            ways over the sea
    fleet, cargoes, plans   vessels, shiploads, who carries what when
    passages, fishing, meetings, tugs   where each vessel is at any time: a track
    hearing, messages       what is received of it, and in which words
    truth                   what really happened
"""
