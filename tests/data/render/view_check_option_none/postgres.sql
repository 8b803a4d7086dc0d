ALTER VIEW "adults" RESET (check_option);
