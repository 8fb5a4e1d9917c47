/** How far rows moved from others: windows from training, tables from tables, column by column and all together. */
@NullMarked
package org.millwright.drift;

import org.jspecify.annotations.NullMarked;
