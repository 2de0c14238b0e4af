"""Reading official lists of institutions: files, tables, cells and rows. Nothing here touches the database.

``files.read_file`` turns bytes into sheets of plain values (``workbooks`` over ``workbook_parts`` and
``workbook_cells``, or ``delimited``), ``tables`` finds the header, ``list_rows`` says which rows under it are
institutions, ``rows`` reads one, ``checking.check_list`` puts them together and finds what is listed twice.
``checked_file`` gives the list back with its column 「问题」, ``writing`` the register in the importer's own columns.
"""
