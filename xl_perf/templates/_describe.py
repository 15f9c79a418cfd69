
from types import SimpleNamespace
def target_values(plan, kind, fixed, period, code):
    if kind=="struttura": t=plan.target(fixed,code,period)
    elif kind=="indicatore": t=plan.target(code,fixed,period)
    elif kind=="parametro": t=plan.parameters[code]
    elif kind=="peso": t=next(w for w in plan.weights_of(fixed) if w.member==code)
    elif kind=="fascia":
        r,n=code.rsplit(".",1)
        ratio=next(x for x in plan.banded_ratios if x.code==r); b=ratio.bands[int(n)-1]
        return SimpleNamespace(value=getattr(b,{"punti":"points","limite":"upper"}[fixed]),t=ratio)
    return SimpleNamespace(value=t.value,t=t)
def describe_source(ts):
    return "; ".join(dict.fromkeys(f"{x.t.source.place} ({x.t.source.document}) - {x.t.act}" for x in ts))
