"""Reading official lists of institutions: files, tables, cells and rows. Nothing here touches the database.

``files.read_file`` turns bytes into sheets of plain values, ``tables`` finds the header and the rows under it, ``rows``
reads one row, ``checking.check_list`` puts them together and finds what is listed twice. ``workbooks`` writes: the
checked file with its column 「问题」, and the register in the importer's own columns.
"""
