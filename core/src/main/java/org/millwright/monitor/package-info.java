/** Windows of production: what deployments answered, profiles, how far they moved, and what judges them by the agreement. */
@NullMarked
package org.millwright.monitor;

import org.jspecify.annotations.NullMarked;
