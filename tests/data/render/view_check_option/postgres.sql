ALTER VIEW "adults" SET (check_option = cascaded);
