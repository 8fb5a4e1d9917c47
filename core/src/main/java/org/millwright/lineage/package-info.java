/** What came from what, and signed statements about it. */
@NullMarked
package org.millwright.lineage;

import org.jspecify.annotations.NullMarked;
