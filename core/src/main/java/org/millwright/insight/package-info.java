/** What the record says about projects as a whole: where each stands, and where each station of its line stands. */
@NullMarked
package org.millwright.insight;

import org.jspecify.annotations.NullMarked;
