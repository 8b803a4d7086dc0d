#!/bin/sh
for f in *.sql; do sqlite3 shop.db < "$f"; done
