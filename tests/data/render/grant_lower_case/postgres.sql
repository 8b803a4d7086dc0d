GRANT SELECT ON TABLE "users" TO "app";
