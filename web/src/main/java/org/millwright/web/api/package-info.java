/** Millwright's own JSON API under {@code /api/1}: one file of routes a room. */
@NullMarked
package org.millwright.web.api;

import org.jspecify.annotations.NullMarked;
