GRANT USAGE ON `dunlin\_case\_audit`.* TO `app`;
