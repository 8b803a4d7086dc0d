ALTER TYPE "address" DROP ATTRIBUTE "street";
-- can't undo alter attributes of composite type address: attribute street stood before zip, and would come back last; write a down
