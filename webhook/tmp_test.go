package webhook
import ("testing";"os";"fmt";"strings";"strconv")
func TestTmp(t *testing.T){
 data,_:=os.ReadFile("testdata/fuzz/FuzzReview/d177a7c3949cdbb7")
 l:=strings.Split(string(data),"\n")[1]; s,err:=strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(l,"[]byte("),")")); if err!=nil{t.Fatal(err)}
 w,_:=guard()
 for _,h:=range []string{"v","m"} { var j journal; r:=request([]byte(s)); hh:=w.Validator(); if h=="m"{hh=w.Mutator()}
 a:=send(hh,j.attach(r)); fmt.Println(h,a.Code,a.Body.String()[:min(200,a.Body.Len())]); fmt.Println(j.String()[:min(len(j.String()),1500)]) }
}
