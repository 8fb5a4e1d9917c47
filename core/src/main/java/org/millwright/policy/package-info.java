/** Requirements as code: versioned texts of named expressions, what is in force of them, and how they are judged. */
@NullMarked
package org.millwright.policy;

import org.jspecify.annotations.NullMarked;
