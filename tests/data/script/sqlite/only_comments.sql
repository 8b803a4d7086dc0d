-- nothing

/* not even; this
   END; */
   	
;;
