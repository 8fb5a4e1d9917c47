/** Gates that decide by written rules, approvals by people, and releases that need both. */
@NullMarked
package org.millwright.governance;

import org.jspecify.annotations.NullMarked;
