/** What Millwright costs on this machine: {@code mw bench}. */
@NullMarked
package org.millwright.bench;

import org.jspecify.annotations.NullMarked;
