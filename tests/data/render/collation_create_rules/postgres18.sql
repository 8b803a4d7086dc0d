CREATE COLLATION "ruled" (provider = 'icu', locale = 'und', rules = '& V << w <<< W');
