/** People, machine users, tokens, roles, and who may do what. */
@NullMarked
package org.millwright.identity;

import org.jspecify.annotations.NullMarked;
