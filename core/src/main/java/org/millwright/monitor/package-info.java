/** Windows of production: profiles, outcomes, drift, performance, the agreement's clauses and alerts. */
@NullMarked
package org.millwright.monitor;

import org.jspecify.annotations.NullMarked;
