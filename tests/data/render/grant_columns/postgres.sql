GRANT INSERT ("email"), SELECT, UPDATE ("age", "email") ON TABLE "users" TO "app";
