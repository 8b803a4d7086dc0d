-- nothing;
# nothing
/* nothing; */ ;;
