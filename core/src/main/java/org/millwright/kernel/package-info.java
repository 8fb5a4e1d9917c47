/** Clock, ids, transactions, problems, JSON and YAML: what every room stands on. */
@NullMarked
package org.millwright.kernel;

import org.jspecify.annotations.NullMarked;
