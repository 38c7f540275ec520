// What a program calls while it is loaded may be a coroutine: the driver has to be there before anything else.
import "../runtime/compiled.ts";
