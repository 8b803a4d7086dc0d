REVOKE UPDATE ("email") ON TABLE "users" FROM "app";
