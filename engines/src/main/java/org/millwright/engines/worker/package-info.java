/** Python models in supervised processes of their own, spoken to over a local socket. */
@NullMarked
package org.millwright.engines.worker;

import org.jspecify.annotations.NullMarked;
