// Opens the console with what the portal says: the API's document and the ticket that stands for the project.
"use strict";

Scalar.createApiReference("#console", JSON.parse(document.getElementById("configuration").textContent));
