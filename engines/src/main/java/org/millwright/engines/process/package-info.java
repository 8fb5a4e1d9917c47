/** Foreign programs as processes that leave nothing behind. */
@NullMarked
package org.millwright.engines.process;

import org.jspecify.annotations.NullMarked;
