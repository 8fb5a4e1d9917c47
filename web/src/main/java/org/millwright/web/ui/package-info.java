/** Pages: one class a room, rendered on the server, readable without JavaScript. */
@NullMarked
package org.millwright.web.ui;

import org.jspecify.annotations.NullMarked;
