/** What rooms do by themselves, again and again. */
@NullMarked
package org.millwright.turn;

import org.jspecify.annotations.NullMarked;
